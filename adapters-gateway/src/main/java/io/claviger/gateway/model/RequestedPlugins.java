package io.claviger.gateway.model;

import java.util.Set;

/**
 * Finds out whether the plugins of a request read files without a fee for pages (OpenRouter).
 * Plugins read files without such a fee only if exactly one plugin parses files, and if this plugin
 * has no member except the one that chooses an engine without a fee. Any other spelling might mean
 * the engine with a fee.
 */
final class RequestedPlugins {
  private static final int ELEMENT = 3;
  private static final String PARSER = "file-parser";

  /** The engines that read text without a fee, or leave the file to the model. */
  private static final Set<String> FREE = Set.of("pdf-text", "cloudflare-ai", "native");

  private int lists;
  private int parsers;
  private boolean areFree;

  // The plugin that is being read
  private String member = "";
  private boolean wantsText;
  private boolean isUnclear;
  private int ids;
  private int engines;
  private String id = "";
  private String engine = "";

  void opened(int depth, boolean array) {
    wantsText = false;
    if (depth == ELEMENT - 1) {
      lists += array ? 1 : 2; // no known provider accepts an object here
    }
    if (depth == ELEMENT) {
      member = "";
      isUnclear = false;
      ids = 0;
      engines = 0;
      id = "";
      engine = "";
    }
  }

  /**
   * Called if the name of the list of plugins is spelled in a way that the provider might not
   * recognize.
   */
  void misspelled() {
    lists = 2;
  }

  void name(ScannedText name, int depth) {
    String said = name.isLonger() ? "" : name.toString();
    boolean isEngine = depth == ELEMENT + 1 && member.equals("pdf") && said.equals("engine");
    boolean isId = depth == ELEMENT && said.equals("id");
    member = depth == ELEMENT ? said : member;
    ids += isId ? 1 : 0;
    engines += isEngine ? 1 : 0;
    wantsText = isId || isEngine;
    isUnclear |= !wantsText && !(depth == ELEMENT && said.equals("pdf"));
  }

  boolean wantText() {
    return wantsText;
  }

  void text(String text) {
    wantsText = false;
    if (member.equals("id")) {
      id = text;
    } else {
      engine = text;
    }
  }

  void closed(int depth) {
    if (depth == ELEMENT && id.equals(PARSER)) {
      parsers++;
      areFree = !isUnclear && ids == 1 && engines == 1 && FREE.contains(engine);
    }
  }

  boolean readFilesFreely() {
    return lists == 1 && parsers == 1 && areFree;
  }
}
