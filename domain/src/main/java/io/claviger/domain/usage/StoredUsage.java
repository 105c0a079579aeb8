package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The objects that calls stored at providers, in accounts that other users use too.
 *
 * @param objects the number of objects that the calls made, not counting parts of objects
 * @param bytes the size in bytes of the requests that carried files
 */
public record StoredUsage(long objects, long bytes) {
  public static final StoredUsage NONE = new StoredUsage(0, 0);

  public StoredUsage {
    if (objects < 0 || bytes < 0) {
      throw new IllegalArgumentException("counts are not negative");
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
