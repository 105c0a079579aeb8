package io.claviger.bootstrap.cli;

import io.claviger.host.Build;
import picocli.CommandLine.IVersionProvider;

/** The text that {@code --version} prints. */
final class ClavigerVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"claviger " + Build.current().version()};
  }
}
