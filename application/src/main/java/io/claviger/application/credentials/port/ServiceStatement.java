package io.claviger.application.credentials.port;

import io.claviger.domain.WireNamed;
import io.claviger.domain.keys.Secret;

/**
 * Signs statements about one service; a provider exchanges such a statement for an access
 * credential. Code that has this object can't obtain a statement about any other service.
 */
@FunctionalInterface
public interface ServiceStatement {
  /** The type of a statement, which is named in its header. */
  enum Type implements WireNamed {
    /**
     * A statement for receivers that ignore the type. Because of this type, no other protocol
     * accepts such a JWT by mistake.
     */
    FEDERATION("claviger-federation+jwt"),
    /** The type of a statement for receivers that accept only the common type of JWTs. */
    JWT("JWT");

    private final String wireName;

    Type(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  /** A signed statement, or the reason why none was signed. */
  sealed interface Statement {
    /**
     * @param jwt the statement, which is valid for five minutes; the caller closes it
     */
    record Signed(Secret jwt) implements Statement {}

    /**
     * @param reason a sentence for the owner of the service, without secrets
     * @param away whether the signing failed because the signing key is kept outside Claviger and
     *     can't be reached at the moment
     */
    record Unsigned(String reason, boolean away) implements Statement {
      /** Describes a failure that remains until somebody changes a setting. */
      public Unsigned(String reason) {
        this(reason, false);
      }
    }
  }

  /**
   * Signs a new statement, with an id of its own. A statement is made for one exchange. Each
   * further attempt needs another statement.
   *
   * @param audience the receiver that is meant to accept the statement
   */
  Statement sign(String audience, Type type);
}
