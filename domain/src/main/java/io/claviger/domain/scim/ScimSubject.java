package io.claviger.domain.scim;

import io.claviger.domain.identity.LinkedIdentity;
import java.util.Arrays;
import java.util.Optional;

/**
 * A SCIM attribute and the claim in ID tokens that has the same value for the same person. The
 * values are compared character by character.
 */
public record ScimSubject(Attribute attribute, Claim claim) {
  public static final ScimSubject DEFAULT = new ScimSubject(Attribute.EXTERNAL_ID, Claim.SUB);

  /** An attribute of a SCIM user. */
  public enum Attribute {
    EXTERNAL_ID("externalId"),
    USER_NAME("userName");

    private final String wireName;

    Attribute(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the value of this attribute; empty if the user does not have the attribute. */
    public Optional<String> of(ScimUser.Names names) {
      return this == EXTERNAL_ID ? names.externalId() : Optional.of(names.userName());
    }
  }

  /** A claim of an ID token. */
  public enum Claim {
    SUB("sub"),
    /** A person's id in Microsoft Entra, which is the same for all clients. */
    OID("oid");

    private final String wireName;

    Claim(String wireName) {
      this.wireName = wireName;
    }

    /**
     * Returns the value that this claim had in the last sign-in with an identity.
     *
     * @param objectId the claim {@code oid} of that sign-in
     */
    public Optional<String> of(LinkedIdentity identity, Optional<String> objectId) {
      return of(identity.identity().subject().value(), objectId);
    }

    public Optional<String> of(String subject, Optional<String> objectId) {
      return this == SUB ? Optional.of(subject) : objectId;
    }
  }

  /**
   * Returns the {@code sub} that a SCIM user has in ID tokens; empty if the attribute corresponds
   * to another claim.
   */
  public Optional<String> subjectOf(ScimUser.Names names) {
    return claim == Claim.SUB ? attribute.of(names) : Optional.empty();
  }

  /**
   * Reads {@code ATTRIBUTE=CLAIM}, such as {@code externalId=oid}; empty if the attribute or the
   * claim is unknown.
   */
  public static Optional<ScimSubject> of(String text) {
    int between = text.indexOf('=');
    if (between < 0) {
      return Optional.empty();
    }
    String attribute = text.substring(0, between).strip();
    String claim = text.substring(between + 1).strip();
    return Arrays.stream(Attribute.values())
        .filter(one -> one.wireName.equals(attribute))
        .findFirst()
        .flatMap(
            one ->
                Arrays.stream(Claim.values())
                    .filter(other -> other.wireName.equals(claim))
                    .findFirst()
                    .map(other -> new ScimSubject(one, other)));
  }
}
