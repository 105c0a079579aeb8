package io.claviger.domain.policy;

/**
 * Everything that the choice of a key depends on, for one caller, one instance and one way to use
 * it.
 *
 * @param mayUse whether the caller may use the instance in this way: by their own role or through a
 *     project
 * @param enabled whether the instance is enabled
 * @param keyless whether the provider asks for no key
 * @param userKey the caller's own key for this instance
 * @param centralKey the key stored with this instance, or its other credential
 * @param deploymentKey whether the operator has a key for the provider that may be sent to the
 *     instance; only a system-level instance at the provider's default destination may use it
 * @param headersOpen whether the values of the instance's custom headers can be decrypted, or there
 *     are none; otherwise no call is made
 */
public record KeyCandidates(
    boolean mayUse,
    boolean enabled,
    boolean keyless,
    KeyPolicy policy,
    KeyCandidate userKey,
    KeyCandidate centralKey,
    boolean deploymentKey,
    boolean headersOpen) {

  /** The same as if the caller had no key of their own. */
  public KeyCandidates withoutUserKey() {
    return new KeyCandidates(
        mayUse,
        enabled,
        keyless,
        policy,
        KeyCandidate.ABSENT,
        centralKey,
        deploymentKey,
        headersOpen);
  }

  /** The state of a stored key. */
  public enum KeyCandidate {
    ABSENT,
    PRESENT,
    /** A key is stored but can't be decrypted. */
    UNUSABLE,
    /** Nothing is stored, and the owner has not confirmed where the credential is used. */
    UNCONFIRMED
  }
}
