package io.claviger.domain.credentials;

/**
 * Decides how a write changes what is stored for a credential: its secret or, if its kind has no
 * secret, its confirmation.
 *
 * @param kind the kind of the credential after the write
 * @param sameKind whether the credential had the same kind before the write
 * @param moves true if the credential might be sent to another destination after the write. The
 *     credential might go elsewhere if the write changes a setting to which the credential is
 *     bound, changes headers, or lets callers send further headers or query parameters. Headers and
 *     parameters matter because a proxy behind the endpoint might use them to choose the server to
 *     which it sends the credential
 * @param stored whether a secret or confirmation is stored before the write
 * @param clears true if the write clears the stored key
 * @param brings true if the write contains a secret
 * @param destinationKnown whether the caller knows where the credential will be used
 * @param headersKnown whether the caller knows all custom header values that are sent with the
 *     credential after the write. Also true if there are no such headers. The caller knows header
 *     values that the caller set in this write or earlier. The values matter because a proxy at the
 *     endpoint might use these headers to choose the server to which it sends the credential.
 * @param mayConfirm whether the caller may confirm destinations
 */
public record CredentialUpdate(
    CredentialKind kind,
    boolean sameKind,
    boolean moves,
    boolean stored,
    boolean clears,
    boolean brings,
    boolean destinationKnown,
    boolean headersKnown,
    boolean mayConfirm) {

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

  /**
   * Decides what the write does. If the kind changes, a stored value is never kept. For a changed
   * API key, the rules of {@code SecretUpdate} for the destinations of keys also apply.
   */
  public Ruling judge() {
    if (brings) {
      return kind.keepsSecret() ? sealed(Ruling.SEAL) : Ruling.TAKES_NO_SECRET;
    }
    return switch (kind.stored()) {
      case KEY -> clears || !sameKind ? cleared() : Ruling.KEEP;
      case NOTHING -> cleared();
      case SECRET -> sameKind && !moves ? Ruling.KEEP : Ruling.SECRET_REQUIRED;
      case CONFIRMATION -> {
        if (sameKind) {
          yield moves ? cleared() : Ruling.KEEP;
        }
        yield mayConfirm ? sealed(Ruling.CONFIRM) : cleared();
      }
    };
  }

  private Ruling sealed(Ruling what) {
    if (!destinationKnown) {
      return Ruling.DESTINATION_REQUIRED;
    }
    return headersKnown ? what : Ruling.HEADERS_REQUIRED;
  }

  private Ruling cleared() {
    return stored ? Ruling.CLEAR : Ruling.KEEP;
  }
}
