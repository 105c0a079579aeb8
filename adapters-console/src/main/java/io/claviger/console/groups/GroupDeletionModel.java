package io.claviger.console.groups;

import io.claviger.console.page.FormState;

/** The page that says what ends with a group, before it is deleted. */
public record GroupDeletionModel(GroupLine group, FormState form) {}
