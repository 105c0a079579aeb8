package io.claviger.bootstrap.cli;

import picocli.CommandLine.Command;

@Command(
    name = "claviger",
    description = "Lends the use of an LLM service, never its key.",
    versionProvider = ClavigerVersion.class,
    synopsisSubcommandLabel = "COMMAND")
final class ClavigerCommand extends CommandGroup {}
