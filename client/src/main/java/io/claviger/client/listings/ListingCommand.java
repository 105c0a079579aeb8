package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.output.Column;
import io.claviger.client.output.Listing;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.Surroundings;
import java.util.List;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** A command that prints a list. */
abstract class ListingCommand extends ClientCommand {
  @Mixin private OutputOptions output = new OutputOptions();

  ListingCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  protected final int run(ApiSession session) {
    Iterable<List<JsonNode>> pages = session.api().pages(path(session));
    Listing listing = new Listing(out(), surroundings);
    if (output.json()) {
      listing.json(pages);
    } else if (output.quiet()) {
      listing.names(pages, name());
    } else {
      listing.table(pages, columns());
    }
    return DONE;
  }

  /** The path of the list, with its query. */
  abstract String path(ApiSession session);

  abstract List<Column> columns();

  /** What names an item; the first column, unless that says something else. */
  Column name() {
    return columns().get(0);
  }
}
