package io.claviger.client.listings;

import io.claviger.client.command.CompletedNames;
import io.claviger.client.session.ApiSession;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options with which commands select calls. */
final class CallOptions {
  private CallOptions() {}

  /** Selects calls by their service. */
  static final class OfService {
    @Option(
        names = "--service",
        completionCandidates = CompletedNames.Services.class,
        paramLabel = "REF",
        description = "Only calls of this service.")
    private Optional<String> service = Optional.empty();

    void addTo(Map<String, Optional<String>> query, ApiSession session) {
      query.put("service", service.map(session::ref));
    }
  }

  /** Selects calls by their caller and by the day on which they were made. */
  static final class ByUserAndDay {
    @Option(
        names = "--user",
        completionCandidates = CompletedNames.People.class,
        paramLabel = "USER",
        description = "Only calls by this user.")
    private Optional<String> user = Optional.empty();

    @Option(
        names = "--from",
        paramLabel = "DAY",
        description = "The first day (UTC), such as 2026-01-01.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DAY", description = "The last day (UTC).")
    private Optional<String> to = Optional.empty();

    Optional<String> from() {
      return from;
    }

    void addTo(Map<String, Optional<String>> query) {
      query.put("user", user);
      query.put("from", from);
      query.put("to", to);
    }
  }

  /** Selects calls by their project, or by their caller's group. */
  static final class OfProjectOrGroup {
    @Option(
        names = "--project",
        completionCandidates = CompletedNames.Projects.class,
        paramLabel = "REF",
        description = "Only calls of this project.")
    private Optional<String> project = Optional.empty();

    @Option(
        names = "--group",
        completionCandidates = CompletedNames.Groups.class,
        paramLabel = "GROUP",
        description =
            "Only calls of users who were in this group on that day. Only administrators may name a"
                + " group.")
    private Optional<String> group = Optional.empty();

    Optional<String> group() {
      return group;
    }

    void addTo(Map<String, Optional<String>> query, ApiSession session) {
      query.put("project", project.map(session::ref));
      query.put("group", group);
    }
  }
}
