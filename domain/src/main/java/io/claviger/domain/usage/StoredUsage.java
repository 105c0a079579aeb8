package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The objects that providers have stored for calls, in accounts with several users.
 *
 * @param objects the number of stored objects; parts of objects are not counted
 * @param bytes the size in bytes of the requests that contained files
 */
public record StoredUsage(long objects, long bytes) {
  public static final StoredUsage NONE = new StoredUsage(0, 0);

  public StoredUsage {
    if (objects < 0 || bytes < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
  }

  public StoredUsage plus(StoredUsage more) {
    return more.equals(NONE)
        ? this
        : new StoredUsage(Amounts.sum(objects, more.objects), Amounts.sum(bytes, more.bytes));
  }

  StoredUsage minus(StoredUsage part) {
    return part.equals(NONE)
        ? this
        : new StoredUsage(
            Amounts.difference(objects, part.objects), Amounts.difference(bytes, part.bytes));
  }
}
