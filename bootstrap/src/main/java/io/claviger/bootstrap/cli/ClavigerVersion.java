package io.claviger.bootstrap.cli;

import io.claviger.operator.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class ClavigerVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"claviger " + Build.current().version()};
  }
}
