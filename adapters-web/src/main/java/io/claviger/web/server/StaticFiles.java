package io.claviger.web.server;

import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Serves the files that pages load, such as style sheets and scripts. A file's address contains a
 * hash of its content, so that browsers can keep the file until the content changes. Each file is
 * compressed only once.
 */
public final class StaticFiles {
  private static final int HASH_DIGITS = 16;

  private final String path;
  private final Map<String, StaticFile> byName;

  /**
   * @param path the beginning of the addresses of all files, with a slash at the end
   * @param files the files, keyed by their names
   */
  public StaticFiles(String path, Map<String, Resource> files) {
    this.path = path;
    this.byName =
        files.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> StaticFile.of(e.getValue())));
  }

  public String url(String name) {
    StaticFile file = byName.get(name);
    if (file == null) {
      throw new IllegalArgumentException("no such file: " + name);
    }
    return path + file.hash() + "/" + name;
  }

  public void addTo(Routes routes) {
    routes.pageAt(path + "{hash}/{file}").openGet(call -> answer(call.ctx()));
  }

  private void answer(Context ctx) {
    StaticFile file =
        Optional.ofNullable(byName.get(Routes.parameter(ctx, "file")))
            .filter(known -> known.hash().equals(Routes.parameter(ctx, "hash")))
            .orElseThrow(() -> new ProblemException(Problems.NOT_FOUND));
    ctx.header("Cache-Control", "public, max-age=31536000, immutable")
        .header("Vary", "Accept-Encoding")
        .contentType(file.plain().mediaType());
    String accepted = Optional.ofNullable(ctx.req().getHeader("Accept-Encoding")).orElse("");
    if (accepted.contains("gzip")) {
      ctx.header("Content-Encoding", "gzip").result(file.compressed().content());
    } else {
      ctx.result(file.plain().content());
    }
  }

  private record StaticFile(Resource plain, Resource compressed, String hash) {
    static StaticFile of(Resource plain) {
      return new StaticFile(plain, plain.compressed(), plain.hash().substring(0, HASH_DIGITS));
    }
  }
}
