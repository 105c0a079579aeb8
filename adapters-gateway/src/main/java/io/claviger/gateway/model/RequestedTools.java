package io.claviger.gateway.model;

import io.claviger.domain.formats.KnownMembers;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds which of the tools that a body offers run on the provider's servers: the provider reads
 * their results as input. A kind of tool that is not known here counts as one of those.
 */
final class RequestedTools {
  private static final Set<String> OF_OPENAI =
      Set.of(
          "function",
          "custom",
          "namespace",
          "local_shell",
          "apply_patch",
          "computer",
          "computer_use_preview");

  private static final Set<String> OF_ANTHROPIC =
      Set.of("custom", "bash_", "text_editor_", "computer_", "memory_");

  private static final Set<String> OF_GEMINI = Set.of("functiondeclarations");

  /** The members of tools that run at the caller, folded. */
  private static final Set<String> MEMBERS =
      Set.of(
          "function",
          "custom",
          "name",
          "description",
          "parameters",
          "parameterdefinitions",
          "inputschema",
          "inputexamples",
          "strict",
          "format",
          "cachecontrol",
          "deferloading",
          "allowedcallers",
          "eagerinputstreaming",
          "environment",
          "displaywidth",
          "displayheight",
          "displaywidthpx",
          "displayheightpx",
          "displaynumber",
          "enablezoom",
          "maxcharacters");

  private static final int ELEMENT = 3;

  private final WireFormat format;
  private int innerDepth;
  private boolean elementServers;
  private boolean elementUsesUnclear;
  private long elementUses = -1;
  private boolean used;
  private boolean unbounded;
  private long uses;
  private long calls = -1;
  private boolean callsUnclear;

  RequestedTools(WireFormat format) {
    this.format = format;
  }

  /**
   * What the value of a member means.
   *
   * @param folded the name in lower case and without underscores
   * @param depth the depth of its object
   */
  UseMeaning name(ScannedText name, String folded, int depth) {
    if (innerDepth != 0 && depth == innerDepth + 1) {
      if (folded.equals("type")) {
        return UseMeaning.INNER_TOOL_TYPE;
      }
      if (folded.equals("tools")) {
        return UseMeaning.UNBOUNDED;
      }
    }
    boolean ofTool = depth == ELEMENT;
    if (ofTool && folded.equals("type")) {
      return UseMeaning.TOOL_TYPE;
    }
    if (ofTool && folded.equals("maxuses")) {
      return name.toString().equals("max_uses") ? UseMeaning.TOOL_USES : UseMeaning.OTHER_TOOL;
    }
    if (ofTool && folded.equals("tools")) {
      return UseMeaning.INNER_TOOLS;
    }
    if (folded.contains("model") || KnownMembers.CHOICES.contains(folded)) {
      return UseMeaning.OTHER_MODEL;
    }
    return ofTool && isServers(folded) ? UseMeaning.OTHER_TOOL : UseMeaning.NOTHING;
  }

  /**
   * The tools inside a group of tools begin.
   *
   * @param depth the depth of what is inside
   */
  void innerOpened(int depth, boolean array) {
    innerDepth = array ? depth : 0;
  }

  /**
   * @param depth the depth of what is inside
   */
  void opened(int depth, boolean array) {
    if (depth == ELEMENT) {
      elementServers = false;
      elementUsesUnclear = false;
      elementUses = -1;
    } else if (depth == ELEMENT - 1 && !array) {
      allowUnbounded(); // not the array that every API has here
    }
  }

  /**
   * @param depth the depth of what was inside
   */
  void closed(int depth) {
    innerDepth = depth == innerDepth ? 0 : innerDepth;
    if (depth != ELEMENT || !elementServers) {
      return;
    }
    used = true;
    if (elementUses < 0 || elementUsesUnclear) {
      unbounded = true;
    } else {
      uses = Math.min(uses + elementUses, RequestedUse.MOST);
    }
  }

  void type(String type) {
    elementServers |=
        switch (format) {
          case OPENAI -> !OF_OPENAI.contains(type);
          case ANTHROPIC ->
              OF_ANTHROPIC.stream()
                  .noneMatch(own -> own.endsWith("_") ? type.startsWith(own) : type.equals(own));
          case COHERE, OLLAMA, GEMINI -> false;
        };
  }

  /**
   * Whether a member marks a tool as one of the provider's, unless the value is {@code false} or
   * null.
   */
  private boolean isServers(String folded) {
    return format == WireFormat.GEMINI ? !OF_GEMINI.contains(folded) : !MEMBERS.contains(folded);
  }

  void elementIsServers() {
    elementServers = true;
  }

  /** The type of a tool within one that groups tools. */
  void innerType(String type) {
    if (!type.equals("function") && !type.equals("custom")) {
      allowUnbounded();
    }
  }

  /** How often the tool may be used; empty where a value says nothing. */
  void uses(OptionalLong number) {
    elementUsesUnclear |= number.isEmpty() || elementUses >= 0;
    elementUses = Math.max(elementUses, number.orElse(-1));
  }

  /** How often all of them together may be used; empty where a value says nothing. */
  void calls(OptionalLong number) {
    callsUnclear |= number.isEmpty() || calls >= 0;
    calls = Math.max(calls, number.orElse(-1));
  }

  /** Something lets the provider use tools as often as it likes. */
  void allowUnbounded() {
    used = true;
    unbounded = true;
  }

  boolean areUsed() {
    return used;
  }

  boolean areUnbounded() {
    return unbounded && !isCapped();
  }

  private boolean isCapped() {
    return format == WireFormat.OPENAI && calls >= 0 && calls < RequestedUse.MOST && !callsUnclear;
  }

  /** How often the provider may read its input. */
  int rounds() {
    long most = isCapped() ? calls : uses;
    return used ? (int) Math.min(1 + most, RequestedUse.MOST) : 1;
  }
}
