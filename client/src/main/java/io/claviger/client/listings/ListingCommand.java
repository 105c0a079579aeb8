package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import java.util.List;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

abstract class ListingCommand extends ClientCommand {
  @Mixin private OutputOptions output = new OutputOptions();

  ListingCommand(ProgramContext context) {
    super(context);
  }

  @Override
  protected final int run(ApiSession session) {
    Iterable<List<JsonNode>> pages = session.api().pages(path(session));
    ListPrinter printer = new ListPrinter(out(), context);
    if (output.json()) {
      printer.printJson(pages);
    } else if (output.quiet()) {
      printer.printNames(pages, name());
    } else {
      printer.printTable(pages, columns());
    }
    return DONE;
  }

  abstract String path(ApiSession session);

  abstract List<Column> columns();

  /**
   * Returns the column that names an item. This is the first one, unless a command overrides it.
   */
  Column name() {
    return columns().get(0);
  }
}
