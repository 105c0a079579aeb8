package io.claviger.client.listings;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.output.Column;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "groups", description = "List the groups to which services can be lent.")
public final class GroupsCommand extends ListingCommand {
  public GroupsCommand(ProgramContext context) {
    super(context);
  }

  @Override
  String path(ApiSession session) {
    return "/v1/groups";
  }

  @Override
  List<Column> columns() {
    return List.of(
        Column.of("GROUP", group -> "@" + JsonTrees.text(group, "handle")),
        Column.of("NAME", "display_name"),
        Column.number("MEMBERS", "member_count"));
  }
}
