package io.claviger.client.command;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Names that only the server knows. A shell needs them when somebody completes an argument. Its
 * script has a placeholder, which is replaced by what a command prints.
 */
public abstract class CompletedNames implements Iterable<String> {
  /** The command that a shell executes for each placeholder. {@code $1} is the program. */
  public static final Map<String, String> COMMANDS =
      Map.of(
          "(services)", "services -q",
          "(models)", "models -q",
          "(definitions)", "definitions -q",
          "(groups)", "groups -q");

  private final String candidate;

  private CompletedNames(String candidate) {
    this.candidate = candidate;
  }

  @Override
  public Iterator<String> iterator() {
    return List.of(candidate).iterator();
  }

  public static final class Services extends CompletedNames {
    public Services() {
      super("(services)");
    }
  }

  /** The models that the user can run. */
  public static final class Models extends CompletedNames {
    public Models() {
      super("(models)");
    }
  }

  /** The definitions that the user can see. */
  public static final class Definitions extends CompletedNames {
    public Definitions() {
      super("(definitions)");
    }
  }

  /** The groups, each with an @ before it. Other users' handles can't be listed. */
  public static final class Groups extends CompletedNames {
    public Groups() {
      super("(groups)");
    }
  }
}
