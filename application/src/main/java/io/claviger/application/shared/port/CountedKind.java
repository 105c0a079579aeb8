package io.claviger.application.shared.port;

/** The kinds of records that are limited in number for each user. */
public enum CountedKind {
  TOKEN("access tokens"),
  SERVICE("LLM services"),
  DEFINITION("definitions"),
  PROJECT("projects"),
  /** The shares of services, definitions and projects that a user gave, counted together. */
  SHARE("shares given to others"),
  USER_KEY("API keys of their own"),
  /**
   * The open transfers that a user offered, or that an administrator offered on the user's behalf.
   */
  TRANSFER("open transfers");

  private final String plural;

  CountedKind(String plural) {
    this.plural = plural;
  }

  /** Returns the human-readable name, such as {@code access tokens}. */
  public String plural() {
    return plural;
  }
}
