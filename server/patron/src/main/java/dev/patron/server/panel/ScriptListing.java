package dev.patron.server.panel;

import dev.patron.server.script.Script;
import java.util.List;

/** The scripts of a store. */
public record ScriptListing(StoreRoom room, List<Script> scripts, boolean mayManage) {}
