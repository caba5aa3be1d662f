package dev.countersign.policy.parts;

import dev.countersign.policy.paths.Brackets;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.paths.ProtectedPaths;
import dev.countersign.policy.paths.Route;
import dev.countersign.policy.shell.PathUse.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Something outside itself that a part reaches. */
public sealed interface Touch {
  /** As the agent wrote it. */
  String written();

  /** Why it is not known for certain; null if it is. */
  String doubt();

  /**
   * A file or folder.
   *
   * @param places where it may be: clean absolute paths, link and target, for each folder the
   *     command may run in; for a glob, the folder it looks in
   * @param aliases other names of the same places, for denies: where the workspace itself is a link
   * @param glob the files meant, as segments from the root, if it is more than {@code places}; else
   *     empty
   * @param content whether a search reads the files, and not only their names
   * @param hidden whether a search reads files whose name begins with a dot, too
   * @param excluded globs of what a search leaves alone: a name at any depth, or {@code **} and
   *     more
   * @param unresolved whether it begins with a variable nobody resolved
   * @param routes every name of every place, as denies compare it
   * @param foldedGlob the glob, as denies compare it
   * @param likely the glob it seems to be if a variable is but a name in it, as denies compare it;
   *     empty if there is none
   */
  record PathTouch(
      String written,
      Use use,
      List<String> places,
      List<String> aliases,
      List<String> glob,
      boolean content,
      boolean hidden,
      List<String> excluded,
      boolean unresolved,
      String doubt,
      List<Route> routes,
      List<String> foldedGlob,
      List<String> likely)
      implements Touch {
    private static final Pattern PLAIN_FILES =
        Pattern.compile(
            ".*\\.(c|cc|cpp|cs|css|csv|go|h|hpp|html|java|jpg|js|json|jsx|kt|log|md|mjs|php|png|py"
                + "|rb|rs|sh|sql|svg|toml|ts|tsx|txt|vue|xml|yaml|yml)");

    public PathTouch {
      places = List.copyOf(places);
      aliases = List.copyOf(aliases);
      glob = List.copyOf(glob);
      excluded = List.copyOf(excluded);
      routes = List.copyOf(routes);
      foldedGlob = List.copyOf(foldedGlob);
      likely = List.copyOf(likely);
    }

    /** A touch of these places. */
    public PathTouch(
        String written,
        Use use,
        List<String> places,
        List<String> aliases,
        List<String> glob,
        boolean content,
        boolean hidden,
        boolean unresolved,
        String doubt) {
      this(
          written,
          use,
          places,
          aliases,
          glob,
          content,
          hidden,
          List.of(),
          unresolved,
          doubt,
          routes(places, aliases),
          glob.isEmpty() ? List.of() : glob.stream().map(Brackets::folded).toList(),
          List.of());
    }

    private static List<Route> routes(List<String> places, List<String> aliases) {
      if (places.size() == 1 && aliases.isEmpty()) {
        return List.of(Route.of(places.get(0)));
      }
      return Stream.concat(places.stream(), aliases.stream()).map(Route::of).toList();
    }

    /** Every name of every place it may be. */
    public Stream<String> everywhere() {
      return Stream.concat(places.stream(), aliases.stream());
    }

    /** The name of a file whose folder is not known; null if it is, or if the name is not. */
    public String nameSomewhere() {
      int last = glob.size() - 1;
      if (lost() && last > 0 && glob.get(last).equals("**")) {
        last--;
      }
      return last > 0 && glob.get(0).equals("**") ? glob.get(last).toLowerCase(Locale.ROOT) : null;
    }

    /** Whether nobody told the folder it lies in: a home, or the working directory. */
    public boolean lost() {
      return places.isEmpty() && !aliases.isEmpty();
    }

    /** Its segments below a folder that nobody told, folded. */
    public List<String> known() {
      boolean deep = !foldedGlob.isEmpty() && foldedGlob.get(0).equals("**");
      return foldedGlob.subList(deep ? 1 : 0, foldedGlob.size());
    }

    /** Whether it is, or may be, a file that steers what later runs. */
    public boolean guarded() {
      return everywhere().anyMatch(ProtectedPaths::holds)
          || !glob.isEmpty() && ProtectedPaths.holds("/" + String.join("/", glob));
    }

    /** The same for everything below it: a command that walks folders. */
    public PathTouch walked(boolean readsHidden) {
      if (places.isEmpty() && glob.isEmpty() || ofPlainFiles()) {
        return this;
      }
      boolean several = lost() || !glob.isEmpty();
      List<String> below = new ArrayList<>(several ? glob : Paths.segments(places.get(0)));
      int least = lost() ? 1 : 0;
      if (below.size() <= least || !below.get(below.size() - 1).equals("**")) {
        below.add("**");
      }
      PathTouch all =
          new PathTouch(written, use, places, aliases, below, true, readsHidden, unresolved, doubt);
      return likely.isEmpty() ? all : all.with(List.of(), Picks.below(likely));
    }

    /** Whether it is a glob of names that no folder has by custom: {@code *.ts}. */
    private boolean ofPlainFiles() {
      return !glob.isEmpty() && PLAIN_FILES.matcher(glob.get(glob.size() - 1)).matches();
    }

    /** The same search, keeping to files whose name fits a glob. */
    public PathTouch among(String name) {
      if (glob.isEmpty() || !glob.get(glob.size() - 1).equals("**")) {
        return this;
      }
      List<String> files = new ArrayList<>(glob);
      files.add(name);
      PathTouch fewer =
          new PathTouch(written, use, places, aliases, files, true, true, unresolved, doubt);
      return fewer.without(excluded);
    }

    /** The same search, leaving more alone. */
    public PathTouch without(List<String> globs) {
      return globs.isEmpty() ? this : with(globs, likely);
    }

    /** The same, seeming to be a glob. */
    PathTouch seeming(List<String> files) {
      return with(excluded, files.stream().map(Brackets::folded).toList());
    }

    /** The same, not counting as one that begins with a variable nobody resolved. */
    PathTouch resolved() {
      return unresolved ? with(excluded, likely, false) : this;
    }

    private PathTouch with(List<String> globs, List<String> files) {
      return with(globs, files, unresolved);
    }

    private PathTouch with(List<String> globs, List<String> files, boolean open) {
      return new PathTouch(
          written,
          use,
          places,
          aliases,
          glob,
          content,
          hidden,
          globs,
          open,
          doubt,
          routes,
          foldedGlob,
          files);
    }

    /** The same for what a search below it finds. */
    public PathTouch found(boolean everything) {
      PathTouch below = walked(true);
      return new PathTouch(
          everything ? written + "/**" : written,
          use,
          below.places(),
          below.aliases(),
          below.glob(),
          true,
          true,
          unresolved,
          doubt);
    }

    /** Whether it changes what it touches. */
    public boolean writes() {
      return use != Use.READ;
    }
  }

  /** A host. */
  record HostTouch(String written, String host, String doubt) implements Touch {}
}
