package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;

/**
 * What an agent wants to run.
 *
 * @param tool the tool's name as the agent knows it, 1 to 256 characters
 * @param input the tool's input, a JSON object as the agent would pass it, nested at most {@value
 *     Json#MAX_INPUT_DEPTH} deep; absent and null mean an empty one
 * @param cwd the absolute directory the call starts in; may be null
 * @param home the user's home directory; may be null
 * @param resolvedPaths a path as it stands in the input to the path it really leads to, for every
 *     symbolic link the agent's adapter resolved
 * @param workspaceRoots the folders the session works in; empty means {@code cwd} alone
 */
public record ToolCall(
    String tool,
    JsonNode input,
    String cwd,
    String home,
    Map<String, String> resolvedPaths,
    List<String> workspaceRoots) {
  public ToolCall {
    tool = Require.text("toolCall.tool", tool, 256);
    JsonNode object = Require.input("toolCall.input", input);
    input = object == null ? JsonNodeFactory.instance.objectNode() : object;
    resolvedPaths = Require.map("toolCall.resolvedPaths", resolvedPaths);
    workspaceRoots = Require.list("toolCall.workspaceRoots", workspaceRoots);
  }
}
