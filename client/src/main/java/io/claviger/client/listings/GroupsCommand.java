package io.claviger.client.listings;

import io.claviger.client.http.Api;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "groups", description = "List the groups to which services can be lent.")
public final class GroupsCommand extends ListingCommand {
  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only groups whose handle or name contains this text.")
  private Optional<String> search = Optional.empty();

  public GroupsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    return Api.query("/v1/groups", Map.of("q", search));
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("GROUP", group -> "@" + JsonTrees.text(group, "handle")),
        Column.of("NAME", "display_name"),
        Column.number("MEMBERS", "member_count"));
  }
}
