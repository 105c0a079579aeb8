package io.claviger.domain.policy;

/**
 * All facts that decide which key is used by a call of one caller, for one instance and one way to
 * use the instance.
 *
 * @param mayUse whether the caller may use the instance: by their own role or through a project
 * @param enabled whether the instance is enabled
 * @param keyless whether the provider needs no key
 * @param userKey the state of the caller's own key for this instance
 * @param centralKey the state of the instance's stored key or other credential
 * @param deploymentKey whether the operator has configured a key for the provider, and this
 *     instance may use it. Only a system-level instance at the provider's default destination may
 *     use that key
 * @param headersOpen whether the values of the instance's custom headers can be decrypted; true if
 *     there are none. No call is made with headers that can't be decrypted
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

  /** Returns these facts for a caller without a key of their own. */
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

  /**
   * Returns these facts for a request that Claviger itself makes. A user's own key is neither used
   * nor required for such a request, because no user makes the request.
   */
  public KeyCandidates ofNobody() {
    return new KeyCandidates(
        mayUse,
        enabled,
        keyless,
        new KeyPolicy(policy.centralKey(), false, false),
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
    /** The credential has no stored secret, and the owner has not confirmed where it is used. */
    UNCONFIRMED
  }
}
