package io.claviger.application.shared;

/** Of what a user may have so many and no more. */
public enum CountedKind {
  TOKEN("access tokens"),
  SERVICE("LLM services"),
  DEFINITION("definitions"),
  PROJECT("projects"),
  /** Given by the user, of services, definitions and projects together. */
  SHARE("shares given to others"),
  USER_KEY("API keys of their own");

  private final String plural;

  CountedKind(String plural) {
    this.plural = plural;
  }

  /** For people: {@code access tokens}. */
  String plural() {
    return plural;
  }
}
