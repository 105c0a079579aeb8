package io.claviger.application.search.port;

import io.claviger.application.shared.Sight;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Finds things by their names. */
public interface NameStore {
  /**
   * Returns things of one kind that the viewer may see. Things with a handle that begins with the
   * prefix of the query come first, then other things whose names contain all words of the query.
   * Both parts of the result are ordered by name. If the query has an owner, only services and
   * projects are found.
   *
   * @param now the time that decides which shares have expired
   * @param limit the greatest number of things to return
   * @throws io.claviger.application.shared.QueryTimeout when the query takes longer than a second
   */
  List<Found> find(Kind kind, Sight sight, NameQuery query, Instant now, int limit);

  /** The kinds of things that can be found. */
  enum Kind {
    SERVICE,
    PERSON,
    GROUP,
    MODEL,
    PROJECT
  }

  /**
   * A thing that was found.
   *
   * @param name {@code owner/handle} of services and projects, the handle of people and groups, and
   *     the name by which calls name a model
   * @param displayName the name that people see; empty for projects
   */
  record Found(Kind kind, UUID id, String name, String displayName) {}
}
