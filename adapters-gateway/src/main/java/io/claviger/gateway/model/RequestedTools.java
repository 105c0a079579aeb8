package io.claviger.gateway.model;

import io.claviger.domain.formats.KnownMembers;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.RequestedUse;
import java.util.OptionalLong;

/**
 * Finds which of the tools that a body offers run on the provider's servers: the provider reads
 * their results as input. A kind of tool that is not known here counts as one of those.
 */
final class RequestedTools {
  private static final int ELEMENT = 3;

  private final ProviderApi api;
  private int innerDepth;
  private boolean elementServers;
  private boolean elementUsesUnclear;
  private long elementUses = -1;
  private boolean used;
  private boolean unbounded;
  private long uses;
  private long calls = -1;
  private boolean callsUnclear;

  RequestedTools(ProviderApi api) {
    this.api = api;
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
    // Unless the value is false or null, the member marks a tool as one of the provider's.
    return ofTool && !api.isOfCallersTools(folded) ? UseMeaning.OTHER_TOOL : UseMeaning.NOTHING;
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
    elementServers |= !api.isCallersTool(type);
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
    return api.boundsToolCalls() && calls >= 0 && calls < RequestedUse.MOST && !callsUnclear;
  }

  /** How often the provider may read its input. */
  int rounds() {
    long most = isCapped() ? calls : uses;
    return used ? (int) Math.min(1 + most, RequestedUse.MOST) : 1;
  }
}
