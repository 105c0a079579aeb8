package io.claviger.application.credentials.port;

import io.claviger.domain.WireNamed;
import io.claviger.domain.keys.Secret;

/**
 * Signs statements about one service. A provider exchanges a statement for an access credential.
 * Code that gets this object can't obtain statements about other services.
 */
@FunctionalInterface
public interface ServiceStatement {
  /** The type of a statement, as stated in the header of the statement's JWT. */
  enum Type implements WireNamed {
    /**
     * The type for receivers that do not check the type. Because of this type, receivers of other
     * protocols do not accept the JWT by mistake.
     */
    FEDERATION("claviger-federation+jwt"),
    /** The type for receivers that accept only the common type of JWTs. */
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

  /** A signed statement, or the reason for its absence. */
  sealed interface Statement {
    /**
     * @param jwt the statement, which is valid for five minutes; the caller must close it
     */
    record Signed(Secret jwt) implements Statement {}

    /**
     * @param reason a sentence for the service's owner, without secrets
     * @param away true if the signing key is outside Claviger and can't be reached at the moment,
     *     so that a later attempt might succeed; or if this node lacks an encryption key that
     *     another node might have
     */
    record Unsigned(String reason, boolean away) implements Statement {
      /** Describes a failure that lasts until somebody changes a setting. */
      public Unsigned(String reason) {
        this(reason, false);
      }
    }
  }

  /**
   * Signs a new statement with its own id. A statement is for a single exchange. Each further
   * attempt to get a credential needs a new statement.
   *
   * @param audience the intended receiver of the statement
   */
  Statement sign(String audience, Type type);

  /**
   * Whether the key of the last signed statement was revoked after the signing. A refusal of such a
   * statement does not mean that the service's settings are wrong. The provider might accept a new
   * statement.
   */
  default boolean isRevoked() {
    return false;
  }
}
