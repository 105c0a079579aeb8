package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectMembers;
import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ToolTypes;
import org.jspecify.annotations.Nullable;

/**
 * A tool in a request, while the gateway reads the tool. The members of a tool can have any order,
 * so its effects are known only at its end.
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
   * The collector of the references in the tool's parameters; null if no parameters of the tool
   * have been read. These references count as references of the request unless the caller runs the
   * tool.
   */
  private @Nullable FoundReferences inParameters;

  /**
   * @param outer the tool around this tool; null if there is none
   * @param depth the depth of the tool's object
   * @param found the collector of the references outside of the tool's parameters
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

  /** Called at the beginning of the tool's own members. */
  void member(ObjectPlace begun) {
    hasFunction |= begun.name().equals(FUNCTION);
  }

  /** Records the type of the tool. */
  void type(ObjectPlace typePlace, ScannedText text) {
    place = typePlace;
    type = text.beginning().toString();
    if (text.isLonger() || !types().isKnown(type)) {
      found.unknownTool(type);
    }
    if (text.isLonger()) {
      found.makes(typePlace);
    }
  }

  /** Called if a member says that the provider creates no object for the tool. */
  void exempt() {
    isExempt = true;
  }

  /** Whether the tool certainly runs at the caller, not at the provider. */
  boolean isCallers() {
    return place != null && types().isCallers(type);
  }

  /** Returns the collector for references in the tool's parameters. */
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
   * Called at the end of the tool.
   *
   * @return the tool around this tool; null if there is none
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
    if (!members.isChosen()) {
      if (types().makes(type, isExempt)) {
        found.makes(place);
      }
      if (types().imageMakers().test(type)) {
        found.makesImages();
      }
      if (ToolTypes.printsFiles(type)) {
        found.showContent();
      }
    }
    return outer;
  }
}
