/** The projects that the viewer owns or is a member of. */
@NullMarked
package io.claviger.console.projects;

import org.jspecify.annotations.NullMarked;
