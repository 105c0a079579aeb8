package io.claviger.application.shared.port;

/** The kinds of things of which a user may have a limited number. */
public enum CountedKind {
  TOKEN("access tokens"),
  SERVICE("LLM services"),
  DEFINITION("definitions"),
  PROJECT("projects"),
  /**
   * The shares that a user gave; shares of services, definitions and projects are counted together.
   */
  SHARE("shares given to others"),
  USER_KEY("API keys of their own"),
  /** The open transfers that a user offered, or that an administrator offered for the user. */
  TRANSFER("open transfers");

  private final String plural;

  CountedKind(String plural) {
    this.plural = plural;
  }

  /** Returns the name for people, such as {@code access tokens}. */
  public String plural() {
    return plural;
  }
}
