package io.claviger.bootstrap.cli;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.host.DatabaseAddress;
import io.claviger.imports.shared.HandleMapping;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(name = "import", description = "Import from another program's database.")
public final class ImportCommand extends CommandGroup {
  static DatabaseAddress address(CommandLine line, String from) {
    try {
      return DatabaseAddress.of(from);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, "--from " + e.getMessage());
    }
  }

  static Map<String, Handle> handles(CommandLine line, Map<String, String> renames) {
    Map<String, Handle> handles = new HashMap<>();
    renames.forEach((old, name) -> handles.put(old, handle(line, name)));
    return handles;
  }

  static HandleMapping known(CommandLine line, Map<String, String> same) {
    try {
      return new HandleMapping(same);
    } catch (InvalidValue e) {
      throw new ParameterException(line, "--same: a handle has to be " + e.allowed(), e);
    }
  }

  private static Handle handle(CommandLine line, String name) {
    try {
      Handle handle = new Handle(name);
      if (!handle.isSystem()) {
        return handle;
      }
    } catch (InvalidValue e) {
      throw new ParameterException(line, "--rename OLD=NEW: a new handle is " + e.allowed());
    }
    throw new ParameterException(line, "--rename OLD=NEW: _system is a reserved handle");
  }
}
