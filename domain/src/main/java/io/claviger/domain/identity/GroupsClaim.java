package io.claviger.domain.identity;

import java.util.List;

/** What an identity provider states about a person's groups. */
public sealed interface GroupsClaim {
  /** The greatest number of groups that is accepted. */
  int MOST = 1_000;

  /** Groups are not synced, or the provider stated nothing about them. */
  record Absent() implements GroupsClaim {}

  /** The provider stated all groups. Each group's exact value occurs once. */
  record Values(List<String> values) implements GroupsClaim {
    public Values {
      values = values.stream().distinct().toList();
    }
  }

  /**
   * The user has more than {@link #MOST} groups, or more groups than the provider puts into a
   * token.
   */
  record TooMany() implements GroupsClaim {}

  static GroupsClaim of(List<String> values) {
    Values all = new Values(values);
    return all.values().size() > MOST ? new TooMany() : all;
  }
}
