package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.settings.Settings;
import io.claviger.host.StartRefused;

/** Where no command should ask for encryption keys. */
final class NoKeys implements KeyCommand.Program {
  @Override
  public KeyCommand.OpenKeys open(Settings settings) {
    throw new StartRefused("no keys here");
  }
}
