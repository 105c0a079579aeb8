package io.claviger.client.command;

import java.util.Iterator;
import java.util.List;

/**
 * Names that only the server knows. A shell needs these names when somebody completes an argument.
 * The completion script calls {@code claviger complete} to get these names.
 */
public abstract class CompletedNames implements Iterable<String> {
  /** The kinds of names, in the form of arguments of {@code claviger complete}. */
  public static final List<String> KINDS =
      List.of("services", "models", "definitions", "groups", "people", "holders", "projects");

  private final String kind;

  private CompletedNames(String kind) {
    this.kind = kind;
  }

  public static String placeholder(String kind) {
    return "(" + kind + ")";
  }

  @Override
  public Iterator<String> iterator() {
    return List.of(placeholder(kind)).iterator();
  }

  public static final class Services extends CompletedNames {
    public Services() {
      super("services");
    }
  }

  /** Completes the names of the models that the user can run. */
  public static final class Models extends CompletedNames {
    public Models() {
      super("models");
    }
  }

  /** Completes the references of the definitions that the user can see. */
  public static final class Definitions extends CompletedNames {
    public Definitions() {
      super("definitions");
    }
  }

  /** Completes the names of groups, each with an @ before it. */
  public static final class Groups extends CompletedNames {
    public Groups() {
      super("groups");
    }
  }

  /**
   * Completes the names of people that the user is allowed to know. Administrators know everybody.
   * Other users know the people who used their services.
   */
  public static final class People extends CompletedNames {
    public People() {
      super("people");
    }
  }

  /** Completes the names of people and groups to whom something may be lent. */
  public static final class Holders extends CompletedNames {
    public Holders() {
      super("holders");
    }
  }

  /** Completes the references of the projects that the user can see. */
  public static final class Projects extends CompletedNames {
    public Projects() {
      super("projects");
    }
  }
}
