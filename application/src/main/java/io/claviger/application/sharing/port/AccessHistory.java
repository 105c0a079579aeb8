package io.claviger.application.sharing.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Knows who could use which service when, also after users, groups and services are deleted. */
public interface AccessHistory {
  /** Since when everything is known. Of the time before, what had not ended by then is known. */
  Instant knownSince();

  /**
   * Lists who could use a service at some time of a day, ordered by {@link Access#position}.
   * Somebody who could in several ways is listed once for each. Users who were suspended all day
   * are left out, and so is everybody if the service was disabled all day.
   */
  List<Access> find(AccessQuestion question, Optional<List<String>> after, int limit);

  /**
   * @param service the reference that it had on that day, or has now
   * @param only if present, nothing about another service of this reference is found
   * @param ofGroups whether the members of groups and of projects are listed, rather than the group
   *     or project itself
   * @param day in UTC
   */
  record AccessQuestion(
      Instance.Ref service, Optional<Instance.Id> only, boolean ofGroups, LocalDate day) {}

  /**
   * One way in which somebody could use a service.
   *
   * @param user empty for everybody, and where members are not listed
   * @param way {@code owner}, {@code share}, {@code group}, {@code project}, or {@code everybody}
   *     for a service of the system
   * @param role the role on the service, of a member of a project that on the project
   * @param group by whose share or membership
   * @param project through which project
   * @param since since when, on that day or before
   * @param until when it ended, or will end; empty if no end is known
   */
  record Access(
      Instance.Id service,
      Optional<Handle> user,
      String way,
      String role,
      Optional<GranteeName> group,
      Optional<Project.Ref> project,
      Instant since,
      Optional<Instant> until) {
    /** How many texts a {@link #position} consists of. */
    public static final int POSITION_PARTS = 6;

    /** The position in lists. */
    public List<String> position() {
      return List.of(
          user.map(Handle::value).orElse(""),
          way,
          role,
          group.map(GranteeName::toString).orElse(""),
          project.map(Project.Ref::toString).orElse(""),
          service.value().toString());
    }
  }
}
