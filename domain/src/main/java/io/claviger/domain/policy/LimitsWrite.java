package io.claviger.domain.policy;

import io.claviger.domain.Field;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.objects.StorageKinds;
import java.util.Optional;
import java.util.Set;

/**
 * A write of limits. A limit that is absent in the write keeps its value, and a limit that is null
 * is removed.
 */
public record LimitsWrite(
    Field<Integer> requestsPerMinute,
    Field<Set<ModelPattern>> models,
    Field<Set<Operation>> operations,
    Field<Integer> maxOutputTokens,
    Field<Budgets> budgets,
    StorageWrite storage,
    PaceTerms.Write pace) {
  public static final LimitsWrite ABSENT =
      new LimitsWrite(Field.absent(), Field.absent(), Field.absent());

  /** A write of the limits of storage. */
  public record StorageWrite(
      Field<StorageKinds> kinds,
      Field<Integer> maxObjects,
      Field<Long> maxBytes,
      Field<Boolean> ofUser) {
    public static final StorageWrite ABSENT =
        new StorageWrite(Field.absent(), Field.absent(), Field.absent(), Field.absent());

    static StorageWrite of(StorageLimits limits) {
      return new StorageWrite(
          Field.ofNullable(limits.kinds()),
          Field.ofNullable(limits.maxObjects()),
          Field.ofNullable(limits.maxBytes()),
          Field.of(limits.ofUser()));
    }

    StorageLimits over(StorageLimits base) {
      return new StorageLimits(
          kinds.or(base.kinds()),
          maxObjects.or(base.maxObjects()),
          maxBytes.or(base.maxBytes()),
          ofUser.or(Optional.of(base.ofUser())).orElse(false));
    }
  }

  /** Creates a write that changes neither the limits of storage nor the limits on the pace. */
  public LimitsWrite(
      Field<Integer> requestsPerMinute,
      Field<Set<ModelPattern>> models,
      Field<Set<Operation>> operations,
      Field<Integer> maxOutputTokens,
      Field<Budgets> budgets) {
    this(
        requestsPerMinute,
        models,
        operations,
        maxOutputTokens,
        budgets,
        StorageWrite.ABSENT,
        PaceTerms.Write.ABSENT);
  }

  /** Creates a write that changes neither the output maximum nor the budgets. */
  public LimitsWrite(
      Field<Integer> requestsPerMinute,
      Field<Set<ModelPattern>> models,
      Field<Set<Operation>> operations) {
    this(requestsPerMinute, models, operations, Field.absent(), Field.absent());
  }

  /** Returns this write, but with the given write of the limits of storage. */
  public LimitsWrite with(StorageWrite others) {
    return new LimitsWrite(
        requestsPerMinute, models, operations, maxOutputTokens, budgets, others, pace);
  }

  /** Returns this write, but with the given write of the limits on the pace. */
  public LimitsWrite with(PaceTerms.Write others) {
    return new LimitsWrite(
        requestsPerMinute, models, operations, maxOutputTokens, budgets, storage, others);
  }

  /** A write that replaces all stored limits by the given limits. */
  public static LimitsWrite of(Limits limits) {
    return new LimitsWrite(
        Field.ofNullable(limits.requestsPerMinute()),
        Field.ofNullable(limits.models()),
        Field.ofNullable(limits.operations()),
        Field.ofNullable(limits.maxOutputTokens()),
        Field.of(limits.budgets()),
        StorageWrite.of(limits.storage()),
        PaceTerms.Write.of(limits.pace()));
  }

  public Limits over(Limits base) {
    return new Limits(
        requestsPerMinute.or(base.requestsPerMinute()),
        models.or(base.models()),
        operations.or(base.operations()),
        maxOutputTokens.or(base.maxOutputTokens()),
        budgets.or(Optional.of(base.budgets())).orElse(Budgets.NONE),
        storage.over(base.storage()),
        pace.over(base.pace()));
  }
}
