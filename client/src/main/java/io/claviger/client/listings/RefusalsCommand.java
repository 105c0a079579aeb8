package io.claviger.client.listings;

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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "refusals",
    description =
        "List which calls of your services were refused, and why. Administrators see"
            + " the calls of all services.")
public final class RefusalsCommand extends ListingCommand {
  @Mixin private CallOptions.OfService service = new CallOptions.OfService();
  @Mixin private CallOptions.ByUserAndDay calls = new CallOptions.ByUserAndDay();

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Only calls refused with this code, such as rate_limited.")
  private Optional<String> code = Optional.empty();

  @Option(
      names = "--by",
      paramLabel = "COLUMNS",
      description = "Sum up by these columns, separated by commas: day, user, service, code.")
  private Optional<String> by = Optional.empty();

  public RefusalsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    Map<String, Optional<String>> query = new LinkedHashMap<>();
    query.put("by", by);
    service.addTo(query, session);
    calls.addTo(query);
    query.put("code", code);
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
