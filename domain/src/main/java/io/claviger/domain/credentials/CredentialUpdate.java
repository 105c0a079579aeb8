package io.claviger.domain.credentials;

import java.util.Set;

/**
 * Decides how a write changes what is stored for a credential: its secret or, if its kind has no
 * secret, its confirmation.
 *
 * @param kind the kind of the credential after the write
 * @param change how the write changes the credential
 * @param isStored whether a secret or confirmation is stored before the write
 * @param given what the write says about the secret
 * @param caller what applies to the caller
 */
public record CredentialUpdate(
    CredentialKind kind, Change change, boolean isStored, Given given, Set<CallerFact> caller) {

  /** How a write changes a credential, apart from its secret. */
  public enum Change {
    /** The credential keeps its kind, and everything to which it is bound. */
    NONE,
    /**
     * The credential keeps its kind, but might be sent to another destination after the write. It
     * might go elsewhere if the write changes a setting to which the credential is bound, changes
     * headers, or lets callers send further headers or query parameters. Headers and parameters
     * matter because a proxy behind the endpoint might use them to choose the server to which it
     * sends the credential.
     */
    MOVED,
    /** The write creates the service, or the credential had another kind. */
    OTHER_KIND
  }

  /** What a write says about the secret of a credential. */
  public enum Given {
    NOTHING,
    /** The write clears the stored key. */
    CLEARED,
    /** The write contains a secret. */
    SECRET
  }

  /** Something that applies to some callers. */
  public enum CallerFact {
    /** The caller knows where the credential will be used. */
    KNOWS_DESTINATION,
    /**
     * The caller knows all custom header values that are sent with the credential after the write.
     * This also applies if there are no such headers. The caller knows header values that the
     * caller set in this write or earlier. The values matter because a proxy at the endpoint might
     * use these headers to choose the server to which it sends the credential.
     */
    KNOWS_HEADERS,
    /** The caller may confirm destinations. */
    MAY_CONFIRM
  }

  /**
   * What a write does to the stored secret or confirmation, or the reason why the write is refused.
   */
  public enum Ruling {
    KEEP,
    CLEAR,
    /** The secret in the write is sealed and stored. */
    SEAL,
    /** The credential has no secret and is new. The write confirms where the credential is used. */
    CONFIRM,
    /**
     * The write changes something to which the stored secret is bound. The secret has to be entered
     * again.
     */
    SECRET_REQUIRED,
    /** The credential's kind has no secret. */
    TAKES_NO_SECRET,
    /** The write must name the endpoint to which the credential may be sent. */
    DESTINATION_REQUIRED,
    /**
     * Stored header values that the write does not change were set by somebody else. The write must
     * set or clear the values of the custom headers.
     */
    HEADERS_REQUIRED
  }

  public CredentialUpdate {
    caller = Set.copyOf(caller);
  }

  /**
   * Decides what the write does. If the kind changes, a stored value is never kept. For a changed
   * API key, the rules of {@code SecretUpdate} for the destinations of keys also apply.
   */
  public Ruling judge() {
    if (given == Given.SECRET) {
      return kind.keepsSecret() ? stored(Ruling.SEAL) : Ruling.TAKES_NO_SECRET;
    }
    return switch (kind.stored()) {
      case KEY -> given == Given.CLEARED || change == Change.OTHER_KIND ? cleared() : Ruling.KEEP;
      case NOTHING -> cleared();
      case SECRET -> change == Change.NONE ? Ruling.KEEP : Ruling.SECRET_REQUIRED;
      case CONFIRMATION ->
          switch (change) {
            case NONE -> Ruling.KEEP;
            case MOVED -> cleared();
            case OTHER_KIND ->
                caller.contains(CallerFact.MAY_CONFIRM) ? stored(Ruling.CONFIRM) : cleared();
          };
    };
  }

  private Ruling stored(Ruling what) {
    if (!caller.contains(CallerFact.KNOWS_DESTINATION)) {
      return Ruling.DESTINATION_REQUIRED;
    }
    return caller.contains(CallerFact.KNOWS_HEADERS) ? what : Ruling.HEADERS_REQUIRED;
  }

  private Ruling cleared() {
    return isStored ? Ruling.CLEAR : Ruling.KEEP;
  }
}
