package io.claviger.domain.credentials;

/**
 * What a write does to what is stored of a credential: a secret, or the confirmation of a
 * credential without one.
 *
 * @param kind the kind after the write
 * @param sameKind whether it was of this kind before the write
 * @param moves whether the write changes anything that the credential is bound to, or brings other
 *     headers, or lets callers send headers or query parameters that were not forwarded before, by
 *     which a proxy behind the endpoint may send it elsewhere
 * @param stored whether anything is stored before the write
 * @param clears whether the write clears the key
 * @param brings whether the write brings a secret
 * @param destinationKnown whether the caller knows where the credential will be used
 * @param headersKnown whether the caller knows the values of the custom headers that go with the
 *     credential afterwards, by which a proxy behind the endpoint may send it elsewhere. The caller
 *     knows them if there are none, or if they set them, in this write or before.
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

  /** What happens to what is stored, or why the write is refused. */
  public enum Ruling {
    KEEP,
    CLEAR,
    /** The secret of the write is sealed. */
    SEAL,
    /** A credential without a secret is new, and its owner names where it is used. */
    CONFIRM,
    /** The stored secret is bound to what the write changes, so it has to be entered again. */
    SECRET_REQUIRED,
    /** This kind has no secret. */
    TAKES_NO_SECRET,
    /** The write must name the endpoint that the credential is for. */
    DESTINATION_REQUIRED,
    /** Somebody else set header values that are kept. The write must bring or clear them. */
    HEADERS_REQUIRED
  }

  /**
   * Decides. A stored value is never kept for another kind. A changed API key is judged by the
   * rules for the destinations of keys too, which are older.
   */
  public Ruling judge() {
    if (brings) {
      return kind.keepsSecret() ? sealed(Ruling.SEAL) : Ruling.TAKES_NO_SECRET;
    }
    return switch (kind) {
      case API_KEY -> clears || !sameKind ? cleared() : Ruling.KEEP;
      case NONE -> cleared();
      case OAUTH_CLIENT, GOOGLE_SERVICE_ACCOUNT, AWS ->
          sameKind && !moves ? Ruling.KEEP : Ruling.SECRET_REQUIRED;
      case FEDERATED, AMBIENT -> {
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
