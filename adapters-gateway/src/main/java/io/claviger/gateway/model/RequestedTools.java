package io.claviger.gateway.model;

import io.claviger.domain.formats.KnownMembers;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.RequestedUse;
import java.util.OptionalLong;

/**
 * Finds which of the tools that a body offers run on the provider's servers, because the provider
 * reads their results as input. A tool of an unknown kind counts as one that does.
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
   * Returns what the value of a member means.
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
   * The array of tools inside a group of tools begins.
   *
   * @param depth the depth inside the array
   */
  void innerOpened(int depth, boolean array) {
    innerDepth = array ? depth : 0;
  }

  /**
   * @param depth the depth inside the array or object
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
   * @param depth the depth inside the array or object that ends
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

  void innerType(String type) {
    if (!type.equals("function") && !type.equals("custom")) {
      allowUnbounded();
    }
  }

  /** Reads how often the tool may be used; empty if the value is no number. */
  void uses(OptionalLong number) {
    elementUsesUnclear |= number.isEmpty() || elementUses >= 0;
    elementUses = Math.max(elementUses, number.orElse(-1));
  }

  /** Reads how often all tools together may be used; empty if the value is no number. */
  void calls(OptionalLong number) {
    callsUnclear |= number.isEmpty() || calls >= 0;
    calls = Math.max(calls, number.orElse(-1));
  }

  /** Records that the provider may use tools as often as it likes. */
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

  /** Returns how often the provider may read its input. */
  int rounds() {
    long most = isCapped() ? calls : uses;
    return used ? (int) Math.min(1 + most, RequestedUse.MOST) : 1;
  }
}
