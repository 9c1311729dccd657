// What `dsprep lab --large` and `--slides` add to JupyterLab's page: large type, and the notebook as a deck whose cells run.
//
// A prebuilt extension as JupyterLab loads it, written by hand, so that nothing has to be installed. OPTIONS stands in front of it.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, '');
  // The deck and the speaker's window tell each other of slides.
  const channel = new BroadcastChannel('dsprep-deck');

  const button = (text, title, act) => {
    const node = document.createElement('button');
    Object.assign(node, { textContent: text, title, onclick: act });
    // The keyboard stays with the notebook.
    node.addEventListener('mousedown', event => event.preventDefault());
    return node;
  };

  // The slides of a notebook. Each has steps, what is shown from the start and what follows bit by bit, and the speaker's notes.
  function slidesOf(cells) {
    const slides = [];
    for (const cell of cells) {
      const kind = cell.model.getMetadata('slideshow')?.slide_type;
      if (kind === 'skip') continue;
      if (slides.length === 0 || kind === 'slide' || kind === 'subslide') slides.push({ steps: [[]], notes: [] });
      const slide = slides.at(-1);
      if (kind === 'notes') slide.notes.push(cell);
      else if (kind === 'fragment') slide.steps.push([cell]);
      else slide.steps.at(-1).push(cell);
    }
    return slides.filter(slide => slide.steps.flat().length > 0);
  }

  function heading(slide) {
    const text = slide?.steps.flat().map(cell => cell.model.sharedModel.source).join('\n') ?? '';
    return text.match(/^#+ (.*)$/m)?.[1] ?? text.trim().split('\n')[0];
  }

  class Deck {
    constructor(app, panel) {
      this.app = app;
      this.panel = panel;
      this.notebook = panel.content;
      // All cells are in the page: one that comes and goes as the page is scrolled can't be put on a slide.
      this.notebook.notebookConfig = { ...this.notebook.notebookConfig, windowingMode: 'none' };
      this.slide = this.step = 0;
      this.prepared = new Set();
      this.place = document.createElement('span');
      this.bar = document.createElement('nav');
      this.bar.className = 'dsprep-bar';
      this.bar.append(
        button('◀', 'Back (Page Up)', () => this.back()), this.place, button('▶', 'On (Page Down)', () => this.on()),
        button('Notes', 'The speaker\u2019s notes, for a second screen', () => window.open(here + 'speaker.html', 'dsprep-speaker', 'width=900,height=700')),
        button('Notebook', 'From slides to the notebook and back', () => this.toggle()));
      document.body.append(this.bar);
      document.addEventListener('keydown', event => this.onKey(event), true);
      channel.onmessage = ({ data }) => data.turn > 0 ? this.on() : data.turn < 0 ? this.back() : this.tell();
      this.notebook.activeCellChanged.connect(() => this.stay());
      this.notebook.model.cells.changed.connect(() => requestAnimationFrame(() => this.isOn && this.show()));
      panel.sessionContext.statusChanged.connect((_, status) => /restarting/.test(status) && this.prepared.clear());
      panel.disposed.connect(() => this.toggle(false));
      this.toggle(true);
    }

    // Slides or the notebook.
    toggle(isOn = !this.isOn) {
      this.isOn = isOn;
      document.body.classList.toggle('dsprep-deck', isOn);
      for (let node = this.notebook.node; node && node !== document.body; node = node.parentElement) node.classList.toggle('dsprep-stage', isOn);
      this.bar.hidden = this.panel.isDisposed;
      if (isOn) this.show();
      else this.notebook.widgets.forEach(cell => cell.node.classList.remove('dsprep-off'));
      this.app.shell.fit?.();
    }

    show() {
      this.slides = slidesOf(this.notebook.widgets);
      this.slide = Math.min(this.slide, this.slides.length - 1);
      const slide = this.slides[this.slide];
      this.step = Math.min(this.step, slide.steps.length - 1);
      this.shown = slide.steps.slice(0, this.step + 1).flat();
      this.notebook.widgets.forEach(cell => cell.node.classList.toggle('dsprep-off', !this.shown.includes(cell)));
      this.place.textContent = `${this.slide + 1} / ${this.slides.length}`;
      this.prepare();
      this.stay();
      this.tell();
    }

    // Code that is on no slide, as what the notebook imports, is run when the slides come to what follows it.
    prepare() {
      const cells = this.notebook.widgets;
      const last = Math.max(...this.shown.map(cell => cells.indexOf(cell)));
      const onSlides = new Set(this.slides.flatMap(slide => slide.steps.flat()));
      const active = this.notebook.activeCellIndex;
      cells.slice(0, last).forEach((cell, place) => {
        if (cell.model.type !== 'code' || onSlides.has(cell) || this.prepared.has(cell)) return;
        this.prepared.add(cell);
        this.isPreparing = true;
        this.notebook.activeCellIndex = place;
        this.app.commands.execute('notebook:run-cell');
        this.notebook.activeCellIndex = active;
        this.isPreparing = false;
      });
    }

    // The active cell, which the keyboard is for, is one of those on the slide: the first code cell, if another one was.
    stay() {
      if (!this.isOn || this.isPreparing || this.shown.includes(this.notebook.activeCell)) return;
      const before = this.notebook.activeCellIndex;
      const places = this.shown.map(cell => this.notebook.widgets.indexOf(cell));
      // Running a cell goes on to the next one, which may be on another slide: then it stays where it was.
      const last = places.findLast(place => place === before - 1) ?? places.find(place => this.notebook.widgets[place].model.type === 'code');
      this.notebook.activeCellIndex = last ?? places[0];
      this.notebook.deselectAll();
    }

    go(slide, step) {
      if (slide < 0 || slide >= this.slides.length) return;
      Object.assign(this, { slide, step });
      this.notebook.mode = 'command';
      this.show();
      this.notebook.node.querySelectorAll('.jp-WindowedPanel-outer').forEach(node => { node.scrollTop = 0; });
      this.notebook.node.scrollTop = 0;
    }

    on() {
      if (this.step + 1 < this.slides[this.slide].steps.length) this.go(this.slide, this.step + 1);
      else this.go(this.slide + 1, 0);
    }

    back() {
      if (this.step > 0) this.go(this.slide, this.step - 1);
      else this.go(this.slide - 1, Infinity);
    }

    onKey(event) {
      if (!this.isOn || event.ctrlKey || event.altKey || event.metaKey) return;
      const writes = event.target.closest?.('.cm-content, input, textarea, select');
      const keys = { PageDown: () => this.on(), PageUp: () => this.back() };
      if (!writes) Object.assign(keys, {
        ArrowRight: keys.PageDown, ArrowLeft: keys.PageUp, ' ': keys.PageDown,
        Home: () => this.go(0, 0), End: () => this.go(this.slides.length - 1, 0),
      });
      const act = keys[event.key];
      if (!act || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    }

    // Tells the speaker's window what is on the screen.
    tell() {
      const { notes } = this.slides[this.slide];
      // As JupyterLab rendered it, without what it takes for dangerous.
      const html = cell => cell.node.querySelector('.jp-RenderedHTMLCommon')?.innerHTML ?? '';
      channel.postMessage({
        now: heading(this.slides[this.slide]), next: heading(this.slides[this.slide + 1]), number: this.slide + 1, count: this.slides.length,
        notes: notes.map(html).join('<hr>'),
      });
    }
  }

  function activate(app) {
    const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: here + 'lecture.css' });
    document.head.append(style);
    document.body.classList.toggle('dsprep-large', OPTIONS.large);
    if (!OPTIONS.slides) return;
    const begin = async () => {
      const panel = app.shell.currentWidget;
      if (!panel?.content?.widgets || panel.context?.path.split('/').at(-1) !== OPTIONS.slides || begin.done) return;
      begin.done = true;
      await panel.context.ready;
      await panel.revealed;
      await panel.sessionContext.ready;
      window.dsprepDeck = new Deck(app, panel);
    };
    app.shell.currentChanged.connect(begin);
    app.restored.then(begin);
  }

  const plugin = { id: 'dsprep-lecture:plugin', autoStart: true, activate };
  (window._JUPYTERLAB ??= {})['dsprep-lecture'] = { init: () => {}, get: async () => () => plugin };
})();
