package io.claviger.application.scim;

import java.util.List;

/**
 * A part of a list, with the total number of items. SCIM states this number with each part.
 *
 * @param total the number of all items in the list
 */
public record ScimPage<T>(List<T> items, int total) {
  /** The maximum number of items in a part of a list. */
  public static final int MOST = 200;

  public ScimPage {
    items = List.copyOf(items);
  }
}
