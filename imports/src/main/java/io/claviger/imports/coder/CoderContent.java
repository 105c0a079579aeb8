package io.claviger.imports.coder;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a database of Coder holds for Claviger, in the same form for all schemas. No value is
 * validated yet, and keys are still in their stored form.
 */
record CoderContent(
    List<OldProvider> providers,
    List<OldModel> models,
    List<OldUser> users,
    List<OldUserKey> userKeys,
    List<DbCrypt.Stored> proofs) {

  /**
   * @param keys its keys, the one in use first
   * @param settings whether it has settings of a kind of its own, such as a credential of AWS
   * @param policy which keys the provider may use, if the schema says so
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
      Instant createdAt) {}

  record OldPolicy(boolean centralKey, boolean userKeys, boolean fallbackToCentral) {}

  /**
   * @param provider the id of its provider; empty if that provider does not exist
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

  record OldUserKey(String id, String user, String provider, DbCrypt.Stored key) {}

  /** The names of the keys under which values are encrypted. */
  Set<String> digests() {
    return java.util.stream.Stream.concat(
            providers.stream().flatMap(p -> p.keys().stream()),
            userKeys.stream().map(OldUserKey::key))
        .flatMap(stored -> stored.digest().stream())
        .collect(java.util.stream.Collectors.toSet());
  }
}
