package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectMembers;
import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ToolTypes;
import org.jspecify.annotations.Nullable;

/**
 * A tool in a request, while the request is being read. The members of a tool may come in any
 * order, so the effects of the tool are known only at its end.
 */
final class OpenTool {
  private static final String FUNCTION = "function";

  private final @Nullable OpenTool outer;
  private final int depth;
  private final ObjectMembers members;
  private final FoundReferences found;

  private @Nullable ObjectPlace place;
  private String type = "";
  private boolean hasFunction;
  private boolean isExempt;

  /**
   * The references to objects that were found in the parameters of the tool. These references
   * matter unless the caller runs the tool. Null if the tool has no parameters that were read.
   */
  private @Nullable FoundReferences inParameters;

  /**
   * @param outer the tool that contains this tool; null if there is none
   * @param depth the depth of the tool's object
   * @param found the collector for references in the text around the tool
   */
  OpenTool(@Nullable OpenTool outer, int depth, ObjectMembers members, FoundReferences found) {
    this.outer = outer;
    this.depth = depth;
    this.members = members;
    this.found = found;
  }

  private ToolTypes types() {
    return found.places().tools();
  }

  boolean isAt(int containerDepth) {
    return depth == containerDepth;
  }

  /** Called when a member of the tool's own object begins. */
  void member(ObjectPlace begun) {
    hasFunction |= begun.name().equals(FUNCTION);
  }

  /** Records the type of the tool. */
  void type(ObjectPlace typePlace, ScannedText text) {
    place = typePlace;
    type = text.toString();
    if (text.isCut() || !types().isKnown(type)) {
      found.unknownTool(type);
    }
    if (text.isCut()) {
      found.makes(typePlace);
    }
  }

  /** Called when a member of the tool says that the provider creates no object for it. */
  void exempt() {
    isExempt = true;
  }

  /** Whether it is certain that the caller, and not the provider, runs the tool. */
  boolean isCallers() {
    return place != null && types().isCallers(type);
  }

  /** Returns the collector that receives the references in the parameters of the tool. */
  FoundReferences parameters() {
    if (place != null) {
      return found;
    }
    FoundReferences had = inParameters;
    if (had == null) {
      had = new FoundReferences(found.places());
      inParameters = had;
    }
    return had;
  }

  /**
   * Called when the tool has ended.
   *
   * @return the tool that contains this tool; null if there is none
   */
  @Nullable OpenTool end() {
    if (place == null) {
      if (members.demandsType() && !hasFunction) {
        found.unknownTool("");
      }
      return outer;
    }
    if (inParameters != null && !types().isCallers(type)) {
      found.addAll(inParameters);
    }
    if (!members.isChosen() && types().makes(type, isExempt)) {
      found.makes(place);
    }
    return outer;
  }
}
