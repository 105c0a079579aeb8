package io.claviger.application.scim;

import java.util.List;

/**
 * A part of a list, with the total that SCIM reports.
 *
 * @param total the number of items in the whole list
 */
public record ScimPage<T>(List<T> items, int total) {
  /** The greatest number of items in a part. */
  public static final int MOST = 200;

  public ScimPage {
    items = List.copyOf(items);
  }
}
