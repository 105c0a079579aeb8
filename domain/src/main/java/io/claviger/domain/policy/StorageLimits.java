package io.claviger.domain.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.objects.StorageKinds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The limits on the objects that calls may store at the provider. For each limit that is not set,
 * only the service's own limit on lent storage applies.
 *
 * @param kinds the only kinds of objects that may be created and used; an empty set allows no
 *     objects
 * @param maxObjects the maximum number of objects, 1 to 1,000,000; stored responses are not counted
 * @param maxBytes the maximum size of all objects together, 1 to 10^15 bytes
 * @param ofUser whether an access token can use all objects of its user, even if the token is
 *     restricted to one service or project, or was created with another token. Only limits of
 *     access tokens can have this value
 */
public record StorageLimits(
    Optional<StorageKinds> kinds,
    Optional<Integer> maxObjects,
    Optional<Long> maxBytes,
    boolean ofUser) {
  public static final StorageLimits NONE =
      new StorageLimits(Optional.empty(), Optional.empty(), Optional.empty(), false);

  /** The only possible value of the limit {@code objects}. */
  public static final String USER = "user";

  private static final long MOST_BYTES = 1_000_000_000_000_000L;

  public StorageLimits {
    if (maxObjects.filter(n -> n < 1 || n > 1_000_000).isPresent()) {
      throw new InvalidValue(
          "limits/max_objects", "1 to 1,000,000, or null for " + ObjectQuota.DEFAULT.objects());
    }
    if (maxBytes.filter(n -> n < 1 || n > MOST_BYTES).isPresent()) {
      throw new InvalidValue(
          "limits/max_bytes", "1 to 10^15, or null for " + ObjectQuota.DEFAULT.bytes());
    }
  }

  public static StorageLimits of(StorageKinds kinds) {
    return new StorageLimits(Optional.of(kinds), Optional.empty(), Optional.empty(), false);
  }

  public static StorageLimits ofObjects(int most) {
    return new StorageLimits(Optional.empty(), Optional.of(most), Optional.empty(), false);
  }

  public static StorageLimits ofBytes(long most) {
    return new StorageLimits(Optional.empty(), Optional.empty(), Optional.of(most), false);
  }

  /**
   * Returns the limits of a token that can use all objects of its user.
   *
   * @throws InvalidValue if the text is not {@link #USER}
   */
  public static StorageLimits reaching(String text) {
    if (!text.equals(USER)) {
      throw new InvalidValue("limits/objects", "user, or null");
    }
    return new StorageLimits(Optional.empty(), Optional.empty(), Optional.empty(), true);
  }

  /** Returns the value of the limit {@code objects}; empty if it is not set. */
  public Optional<String> objects() {
    return ofUser ? Optional.of(USER) : Optional.empty();
  }

  StorageLimits orElse(StorageLimits others) {
    return new StorageLimits(
        kinds.or(others::kinds),
        maxObjects.or(others::maxObjects),
        maxBytes.or(others::maxBytes),
        ofUser || others.ofUser);
  }

  /** Returns the limits that result if both these limits and the other limits apply. */
  StorageLimits and(StorageLimits others) {
    return new StorageLimits(
        kinds.isPresent() && others.kinds.isPresent()
            ? Optional.of(kinds.get().and(others.kinds.get()))
            : kinds.or(others::kinds),
        least(maxObjects, others.maxObjects),
        least(maxBytes, others.maxBytes),
        ofUser || others.ofUser);
  }

  private static <N extends Comparable<N>> Optional<N> least(Optional<N> one, Optional<N> other) {
    return one.isPresent() && other.isPresent() && other.get().compareTo(one.get()) < 0
        ? other
        : one.or(() -> other);
  }

  /**
   * Whether these limits allow at most as much as the other limits. {@code ofUser} is not compared.
   */
  boolean fitWithin(StorageLimits others) {
    return (others.kinds.isEmpty()
            || (kinds.isPresent() && kinds.get().isWithin(others.kinds.get())))
        && isNarrower(maxObjects, others.maxObjects)
        && isNarrower(maxBytes, others.maxBytes);
  }

  private static <N extends Comparable<N>> boolean isNarrower(
      Optional<N> mine, Optional<N> theirs) {
    return theirs.isEmpty() || (mine.isPresent() && mine.get().compareTo(theirs.get()) <= 0);
  }

  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    kinds.ifPresent(
        all ->
            texts.put("storage", all.names().isEmpty() ? "none" : String.join(", ", all.names())));
    maxObjects.ifPresent(n -> texts.put("max_objects", n.toString()));
    maxBytes.ifPresent(n -> texts.put("max_bytes", n.toString()));
    objects().ifPresent(text -> texts.put("objects", text));
    return texts;
  }

  /** Returns the kinds of objects that a service lends and that these limits allow. */
  public StorageKinds lent(StorageKinds all) {
    return kinds.map(all::and).orElse(all);
  }

  /**
   * Returns the kinds of shared objects that these limits allow calls to use. If the limits state
   * kinds, the result does not contain prompts, because limits can state only kinds that can be
   * lent, and prompts can't be lent.
   */
  public Set<ObjectKind> shared() {
    return kinds
        .map(
            stated ->
                SharedObject.SHAREABLE.stream()
                    .filter(stated.kinds()::contains)
                    .collect(Collectors.toUnmodifiableSet()))
        .orElse(SharedObject.SHAREABLE);
  }

  /** Returns how many objects, and how many bytes, a borrower may store at most. */
  public ObjectQuota quota() {
    return new ObjectQuota(
        maxObjects.map(Integer::longValue).orElse(ObjectQuota.DEFAULT.objects()),
        maxBytes.orElse(ObjectQuota.DEFAULT.bytes()));
  }
}
