/** HTTP routes for projects and their members. */
@NullMarked
package io.claviger.web.projects;

import org.jspecify.annotations.NullMarked;
