package io.claviger.domain.policy;

/**
 * All that the decision which key to use depends on, for one caller, one instance and one path of
 * use.
 *
 * @param mayUse the caller has use by this path (own role, or a project)
 * @param enabled the instance is
 * @param keyless the API standard's placement is {@code none}
 * @param userKey the caller's own key for this instance
 * @param centralKey the key this instance stores
 * @param deploymentKey the operator's key for the provider, present only where it may go: to a
 *     system-level instance at the provider's default destination
 * @param headersOpen the values of the instance's custom headers open where they stand, or there
 *     are none; without them no call is made
 */
public record KeyCandidates(
    boolean mayUse,
    boolean enabled,
    boolean keyless,
    KeyPolicy policy,
    Candidate userKey,
    Candidate centralKey,
    boolean deploymentKey,
    boolean headersOpen) {

  /** The state of a stored key. */
  public enum Candidate {
    ABSENT,
    PRESENT,
    /** Stored, but it does not open where it stands. */
    UNUSABLE
  }
}
