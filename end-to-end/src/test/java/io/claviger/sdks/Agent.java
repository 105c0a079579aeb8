package io.claviger.sdks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A coding agent: how it is started without a terminal, and which of its tools edit a file. What a
 * person sets in it is in {@code docs/connecting-programs.md}, under its handle.
 */
enum Agent {
  // The agents that take longest come first, so that no processor is idle at the end.
  OPENCODE(
      "openai",
      List.of("opencode-linux-x64/bin/opencode"),
      List.of("run"),
      Map.of(
          "OPENCODE_DISABLE_MODELS_FETCH",
          "1",
          "OPENCODE_DISABLE_AUTOUPDATE",
          "1",
          "npm_config_offline",
          "true"),
      """
      stub:call read {"filePath": "FILE"}
      stub:call edit {"filePath": "FILE", "oldString": "before", "newString": "after"}
      """),
  GEMINI_CLI(
      "gemini",
      List.of("node", "@google/gemini-cli/bundle/gemini.js"),
      List.of("--yolo", "--skip-trust"),
      Map.of(),
      """
      stub:call replace {"file_path": "FILE", "old_string": "before", "new_string": "after",
        "instruction": "Change the word."}
      """),
  CODEX("openai", Codex.PROGRAM, Codex.ARGUMENTS, Map.of(), Codex.EDIT),
  /** Codex with its provider for OpenAI, which tries a WebSocket first. */
  CODEX_BUILT_IN("openai", Codex.PROGRAM, Codex.ARGUMENTS, Map.of(), Codex.EDIT),
  CLAUDE_CODE(
      "anthropic",
      List.of("@anthropic-ai/claude-code-linux-x64/claude"),
      List.of("--print", "--permission-mode", "acceptEdits"),
      Map.of("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
      """
      stub:call Read {"file_path": "FILE"}
      stub:call Edit {"file_path": "FILE", "old_string": "before", "new_string": "after"}
      """),
  /** In its mode for Bedrock. */
  CLAUDE_CODE_BEDROCK(
      "bedrock", CLAUDE_CODE.program, CLAUDE_CODE.arguments, CLAUDE_CODE.quiet, CLAUDE_CODE.edit),
  /** In its mode for Vertex AI. */
  CLAUDE_CODE_VERTEX(
      "vertex", CLAUDE_CODE.program, CLAUDE_CODE.arguments, CLAUDE_CODE.quiet, CLAUDE_CODE.edit);

  /** The common settings of both ways to set up the agent. */
  private static final class Codex {
    static final List<String> PROGRAM =
        List.of("@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex");

    // The sandbox of Codex needs more rights than a container has. The plugins would be downloaded
    // from GitHub.
    static final List<String> ARGUMENTS =
        List.of(
            "exec",
            "--skip-git-repo-check",
            "--dangerously-bypass-approvals-and-sandbox",
            "--disable",
            "plugins",
            "-");

    static final String EDIT = "stub:call exec_command {\"cmd\": \"sed -i s/before/after/ FILE\"}";
  }

  private final String standard;
  private final List<String> program;
  private final List<String> arguments;
  private final Map<String, String> quiet;
  private final String edit;

  Agent(
      String standard,
      List<String> program,
      List<String> arguments,
      Map<String, String> quiet,
      String edit) {
    this.standard = standard;
    this.program = program;
    this.arguments = arguments;
    this.quiet = quiet;
    this.edit = edit;
  }

  /** The API standard of the services that the agent can call. */
  String standard() {
    return standard;
  }

  /** Returns the agent's name in handles and in the documentation. */
  String handle() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the agent's file among the installed packages. */
  Path file(Path packages) {
    return packages.resolve(program.get(program.size() - 1));
  }

  /** Returns the command line. The agent reads the prompt from standard input. */
  List<String> command(Path packages) {
    List<String> command = new ArrayList<>(program);
    command.set(program.size() - 1, file(packages).toString());
    command.addAll(arguments);
    return command;
  }

  /** The part of a 404's message that the agent shows. */
  String shownInsteadOf(String message) {
    return program.equals(CLAUDE_CODE.program)
        ? "It may not exist or you may not have access to it."
        : message;
  }

  /**
   * The maximum number of calls in a refused run: the call for the answer, and calls for titles
   * that some agents make.
   */
  int callsBeforeItStops() {
    return 2;
  }

  /** The variables that prevent the agent from calling servers other than the gateway. */
  Map<String, String> quiet() {
    return quiet;
  }

  /** A prompt for which the stub provider lets the agent replace "before" by "after" in a file. */
  String edit(Path file) {
    return edit.replace("FILE", file.toString());
  }
}
