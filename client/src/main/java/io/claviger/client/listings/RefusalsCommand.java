package io.claviger.client.listings;

import io.claviger.client.command.CompletedNames;
import io.claviger.client.http.Api;
import io.claviger.client.output.Column;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "refusals",
    description =
        "List which calls to your services were refused, and why; for administrators, of all.")
public final class RefusalsCommand extends ListingCommand {
  @Option(
      names = "--service",
      completionCandidates = CompletedNames.Services.class,
      paramLabel = "REF",
      description = "Only calls of this service.")
  private Optional<String> service = Optional.empty();

  @Option(
      names = "--user",
      completionCandidates = CompletedNames.People.class,
      paramLabel = "USER",
      description = "Only calls by this user.")
  private Optional<String> user = Optional.empty();

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Only calls refused with this code, such as rate_limited.")
  private Optional<String> code = Optional.empty();

  @Option(names = "--from", paramLabel = "DAY", description = "The first day, as 2026-01-01.")
  private Optional<String> from = Optional.empty();

  @Option(names = "--to", paramLabel = "DAY", description = "The last day.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--by",
      paramLabel = "WORDS",
      description = "Sum up by day, user, service and code, with commas.")
  private Optional<String> by = Optional.empty();

  public RefusalsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("by", by);
    query.put("service", service.map(session::ref));
    query.put("user", user);
    query.put("code", code);
    query.put("from", from);
    query.put("to", to);
    return Api.query("/v1/refusals", query);
  }

  @Override
  List<Column> columns() {
    Map<String, String> titles =
        Map.of("day", "DAY", "user", "WHO", "service", "SERVICE", "code", "CODE");
    return Stream.concat(
            Arrays.stream(by.orElse("day,user,service,code").split(","))
                .map(word -> Column.of(titles.getOrDefault(word, word), word)),
            Stream.of(Column.number("CALLS", "calls")))
        .toList();
  }
}
