package io.claviger.client.listings;

import io.claviger.client.command.ClientCommand;
import io.claviger.client.command.CompletedNames;
import io.claviger.client.command.OutputOptions;
import io.claviger.client.output.Column;
import io.claviger.client.output.ListPrinter;
import io.claviger.client.session.ApiSession;
import io.claviger.client.terminal.ProgramContext;
import io.claviger.client.text.TerminalText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
      printer.printTable(inTable(pages), columns());
      belowTable().forEach(out()::println);
    }
    note(session).map(TerminalText::line).ifPresent(err()::println);
    return DONE;
  }

  /**
   * Returns the pages of the list to print as a table. A command that overrides this method can
   * inspect the pages before they are printed.
   */
  Iterable<List<JsonNode>> inTable(Iterable<List<JsonNode>> pages) {
    return pages;
  }

  /** Returns the lines to print after the table. */
  List<String> belowTable() {
    return List.of();
  }

  /** Returns a note to print after the list. */
  Optional<String> note(ApiSession session) {
    return Optional.empty();
  }

  /** Returns the list's path in the API, with the query. */
  abstract String path(ApiSession session);

  abstract List<Column> columns();

  /**
   * Returns the column with the items' names. The result is the first column, unless a command
   * overrides this method.
   */
  Column name() {
    return columns().get(0);
  }

  /** A command for a list with a fixed path and fixed columns. */
  abstract static class Fixed extends ListingCommand {
    private final String path;
    private final List<Column> columns;

    Fixed(ProgramContext context, String path, List<Column> columns) {
      super(context);
      this.path = path;
      this.columns = columns;
    }

    @Override
    final String path(ApiSession session) {
      return path;
    }

    @Override
    final List<Column> columns() {
      return columns;
    }
  }

  /** The options that lists of services and lists of definitions share. */
  static final class OwnerAndProvider {
    @Option(
        names = "--owner",
        completionCandidates = CompletedNames.People.class,
        paramLabel = "USER",
        description = "Only entries of this user.")
    private Optional<String> owner = Optional.empty();

    @Option(
        names = "--provider",
        paramLabel = "NAME",
        description = "Only entries of this provider.")
    private Optional<String> provider = Optional.empty();

    void addTo(Map<String, Optional<String>> query) {
      query.put("owner", owner);
      query.put("provider", provider);
    }
  }
}
