package io.claviger.imports.coder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The imported content of a Coder database, in the same form for all of Coder's schemas. No value
 * was validated, and keys are still encrypted as in Coder's database.
 */
record CoderContent(
    List<OldProvider> providers,
    List<OldModel> models,
    List<OldUser> users,
    List<OldUserKey> userKeys,
    List<DbCrypt.Stored> proofs) {

  /**
   * @param keys the provider's keys, beginning with the key that Coder uses
   * @param changedAt when the provider's settings, such as its base URL, were last changed
   * @param settings whether the provider has settings that exist only for its kind of provider,
   *     such as an AWS credential
   * @param policy the policy for the keys that may be used in calls to the provider; empty if the
   *     schema has no policies
   */
  record OldProvider(
      String id,
      String type,
      String name,
      String displayName,
      String baseUrl,
      boolean enabled,
      boolean settings,
      Optional<OldPolicy> policy,
      List<DbCrypt.Stored> keys,
      Instant createdAt,
      Instant changedAt) {}

  record OldPolicy(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {}

  /**
   * @param provider the id of the model's provider; empty if this provider does not exist
   */
  record OldModel(
      String id,
      Optional<String> provider,
      String model,
      String displayName,
      boolean enabled,
      boolean isDefault,
      Optional<Long> contextLimit,
      Optional<Integer> compressionThreshold,
      Instant createdAt) {}

  record OldUser(
      String id, String username, String name, String email, boolean active, Instant createdAt) {}

  /**
   * @param storedAt when the user stored the key
   */
  record OldUserKey(
      String id, String user, String provider, DbCrypt.Stored key, Instant storedAt) {}

  /** Returns the names of the keys under which values are encrypted. */
  Set<String> digests() {
    return java.util.stream.Stream.concat(
            providers.stream().flatMap(p -> p.keys().stream()),
            userKeys.stream().map(OldUserKey::key))
        .flatMap(stored -> stored.digest().stream())
        .collect(java.util.stream.Collectors.toSet());
  }
}
