/**
 * Goes over a parsed tree by the parser's own functions. The library's cursor hands its four numbers over before each
 * step and each question, and back after each step; here they stay where the functions look for them.
 */

import type { Tree } from 'web-tree-sitter';

type OfTree = (tree: number) => number;

/** What of the parser's WebAssembly a walk calls. */
export interface TreeFunctions {
  readonly _ts_tree_root_node_wasm: OfTree;
  readonly _ts_tree_cursor_new_wasm: OfTree;
  readonly _ts_tree_cursor_delete_wasm: OfTree;
  readonly _ts_tree_cursor_goto_first_child_wasm: OfTree;
  readonly _ts_tree_cursor_goto_next_sibling_wasm: OfTree;
  readonly _ts_tree_cursor_goto_parent_wasm: OfTree;
  readonly _ts_tree_cursor_current_node_type_id_wasm: OfTree;
  readonly _ts_tree_cursor_current_field_id_wasm: OfTree;
  readonly _ts_tree_cursor_start_index_wasm: OfTree;
  readonly _ts_tree_cursor_end_index_wasm: OfTree;
}

/** Where a walk is; only one at a time. */
export class TreeSteps {
  private readonly address: number;

  constructor(
    private readonly by: TreeFunctions,
    tree: Tree,
  ) {
    this.address = (tree as unknown as Readonly<Record<0, number>>)[0];
    by._ts_tree_root_node_wasm(this.address);
    by._ts_tree_cursor_new_wasm(this.address);
  }

  toFirstChild(): boolean {
    return this.by._ts_tree_cursor_goto_first_child_wasm(this.address) === 1;
  }

  toNextSibling(): boolean {
    return this.by._ts_tree_cursor_goto_next_sibling_wasm(this.address) === 1;
  }

  toParent(): boolean {
    return this.by._ts_tree_cursor_goto_parent_wasm(this.address) === 1;
  }

  /** The node's type, as a place in the grammar's list. */
  get type(): number {
    return this.by._ts_tree_cursor_current_node_type_id_wasm(this.address);
  }

  /** The node's role, as a place in the grammar's list; 0 when it has none. */
  get field(): number {
    return this.by._ts_tree_cursor_current_field_id_wasm(this.address);
  }

  get start(): number {
    return this.by._ts_tree_cursor_start_index_wasm(this.address);
  }

  get end(): number {
    return this.by._ts_tree_cursor_end_index_wasm(this.address);
  }

  delete(): void {
    this.by._ts_tree_cursor_delete_wasm(this.address);
  }
}
